# Everything by which git could be made to run something, in every place where git is run afterwards.
cat > /dev/null
room=$1
trap="touch $room/trap"
mkdir -p .git/hooks .git/info
for hook in post-index-change pre-auto-gc reference-transaction fsmonitor-watchman post-checkout; do
  printf '#!/bin/sh\n%s\n' "$trap" > .git/hooks/$hook
  chmod +x .git/hooks/$hook
done
cat > .git/config <<END
[core]
	repositoryformatversion = 0
	fsmonitor = $trap
	hooksPath = .git/hooks
	pager = $trap
	sshCommand = $trap
	worktree = $room/repo
[filter "t"]
	clean = $trap
	smudge = $trap
	process = $trap
[diff "t"]
	textconv = $trap
	command = $trap
[diff]
	external = $trap
END
echo '* filter=t diff=t' > .gitattributes
cp .gitattributes .git/info/attributes
mkdir inner
cp -r .git inner/.git
git init -q nested
echo nested > nested/file
git -C nested -c core.hooksPath=/dev/null add -A
git -C nested -c user.name=n -c user.email=n@localhost commit -q -m n
printf '[submodule "s"]\n\tpath = nested\n\turl = ext::%s\n' "$trap" > .gitmodules
echo changed > base.txt
echo set my traps
