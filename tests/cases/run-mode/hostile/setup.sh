mkdir "$ROOM/outside"
echo untouched > "$ROOM/outside/file"
ln -s "$ROOM/outside" absolute
ln -s ../outside relative
ln -s absolute/file chained
ln -s "$ROOM/repo/sub" into-the-repository
ln -s sub inside
mkdir -p .claude
echo '{"hooks": {}}' > .claude/settings.json
echo "KEY=secret" > .env
echo "KEY=secret" > .env.local
