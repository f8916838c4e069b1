mkdir folder
echo f > folder/f.txt
git init -q module
echo m > module/m.txt
git -C module add -A
git -C module commit -q -m module
git add -A 2> /dev/null
git commit -q -m two
git worktree add -q ../linked HEAD
