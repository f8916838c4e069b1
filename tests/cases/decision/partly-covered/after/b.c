int b;
int more_b;
