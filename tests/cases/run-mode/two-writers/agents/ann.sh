cat > /dev/null
sed -i 's/hello/hello, world/' greet.sh
echo "I changed greet.sh:"
echo "    echo 'hello, world'"
