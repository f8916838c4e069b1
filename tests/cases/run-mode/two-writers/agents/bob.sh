# Sees what the user sees, and commits, which makes no difference.
cat > /dev/null
git log --format=%s
git status --porcelain
mkdir docs
echo "Prints hello." > docs/greet.md
git rm -q --cached old.txt
rm old.txt
git add -A
git commit -q -m "Document"
