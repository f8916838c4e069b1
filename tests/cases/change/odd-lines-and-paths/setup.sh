# Lines that look like parts of a diff, and paths that a shell, git or a terminal would rather not see.
git init --quiet --initial-branch main
mkdir -p build dist 'with space'
printf 'one\nBinary files a and b differ\ntwo\n' > notes.txt
for path in build/rules.c dist/app.js 'with space/a b.c' 'qu"ote.c' "apo'strophe.c" 'größe.c' '日本.c' './-rf.c' 'back\slash.c'; do
  printf 'int old;\n' > "$path"
done
git add --all --force .
git commit --quiet --message Base
printf 'one\nBinary files a and b differ\ntwo\ndiff --git a/hidden.c b/hidden.c\n--- a/hidden.c\n+++ b/hidden.c\n@@ -1 +1 @@\nGIT binary patch\n' > notes.txt
for path in build/rules.c dist/app.js 'with space/a b.c' 'qu"ote.c' "apo'strophe.c" 'größe.c' '日本.c' './-rf.c' 'back\slash.c'; do
  printf 'int old;\nint added;\n' > "$path"
done
