git init --quiet --initial-branch main
echo 'x = 1' > a.py
git add a.py
git commit --quiet -m Base
echo 'x = eval(y)' > a.py
cat > .git/hooks/pre-commit <<'HOOK'
#!/bin/sh
assize review --staged --agents lint --quiet --format json | coverage > "$ROOM/seen"
HOOK
chmod +x .git/hooks/pre-commit
