# Writes through every link that the repository has.
cat > /dev/null
for link in absolute relative into-the-repository inside; do
  mkdir -p $link 2> /dev/null
  echo written > $link/file
done
echo written > chained
ls -A
