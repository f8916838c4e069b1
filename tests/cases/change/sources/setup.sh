git init --quiet --initial-branch main
printf 'int root;\n' > root.c
git add . && git commit --quiet -m Root
printf 'int one;\n' > one.c
git add . && git commit --quiet -m One
git checkout --quiet -b work
printf 'int two;\n' > two.c
git add . && git commit --quiet -m Two
git checkout --quiet main
printf 'int later;\n' > later.c
git add . && git commit --quiet -m Later
git checkout --quiet work
printf 'int root;\nint staged;\n' > root.c
git add root.c
printf 'int root;\nint staged;\nint unstaged;\n' > root.c
printf 'int untracked;\n' > untracked.c
printf 'KEY=1\n' > .env
printf 'ignored\n' > ignored.log
printf '*.log\n' > .git/info/exclude
git diff > ../plain.diff
