int a;
int get(int* p) {
  return 0;
}
