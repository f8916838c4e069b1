echo "# not committed" >> greet.sh
echo notes > notes.txt
echo binary > greet.o
