int a;
int more_a;
