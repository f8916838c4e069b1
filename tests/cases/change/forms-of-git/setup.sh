git init --quiet --initial-branch main
git config core.fileMode true
printf 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n' > renamed-from.txt
printf 'int gone;\n' > deleted.c
printf '#!/bin/sh\necho run\n' > mode.sh
printf 'no newline' > end.txt
printf 'a\r\nb\r\n' > dos.txt
printf '\0\1\2' > image.png
printf 'a\0b\n' > nul.c
ln -s one link
git add . && git commit --quiet -m Base
git mv renamed-from.txt renamed-to.txt
git rm --quiet deleted.c
chmod +x mode.sh
printf 'no newline at all' > end.txt
printf 'a\r\nc\r\n' > dos.txt
printf '\0\1\3' > image.png
printf 'a\0c\n' > nul.c
ln -sfn two link
: > empty.c
printf '{"lockfileVersion": 3}\n' > package-lock.json
printf 'x\377y\n' > latin.c
git add . && git commit --quiet -m Change
