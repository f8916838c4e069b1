git init --quiet --initial-branch main
echo 'int a;' > a.c
git add a.c
git commit --quiet -m Base
git checkout --quiet --orphan topic
echo 'int b;' >> a.c
git commit --quiet -am Other
