git init --quiet --initial-branch main
echo 'int a;' > a.c
git add a.c
git commit --quiet -m Base
echo 'int b;' >> a.c
git commit --quiet -am Change
mkdir folder
