ln -s "$ROOM/outside-and-not-there" door
