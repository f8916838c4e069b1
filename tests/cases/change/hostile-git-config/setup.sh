# Everything by which a repository could make git run a program or hide lines.
git init --quiet --initial-branch main
printf 'int a;\n' > a.c
printf '*.c -diff\n*.c diff=evil\n*.c filter=evil\n' > .gitattributes
git add . && git commit --quiet -m Base
printf 'int a;\nint hidden;\n' > a.c
git config diff.evil.textconv 'touch ../ran; cat'
git config diff.evil.command 'touch ../ran'
git config diff.external 'touch ../ran'
git config core.pager 'touch ../ran; cat'
git config core.fsmonitor 'touch ../ran'
git config filter.evil.clean 'touch ../ran; cat'
git config core.hooksPath ../hooks
mkdir ../hooks
printf '#!/bin/sh\ntouch %s/ran\n' "$ROOM" > ../hooks/post-index-change
chmod +x ../hooks/post-index-change
