git init --quiet --initial-branch main
git commit --quiet --allow-empty -m Base
i=0
while [ $i -lt 400 ]; do echo "int value_$i = $i;  // some more text to fill the line"; i=$((i + 1)); done > big.c
