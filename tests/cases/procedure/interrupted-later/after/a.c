int a;
int get(int* p) {
  return *p;
}
