/* lookup nightshift.lock.json <device> <compiler> <kernel> <dtype> <shape> <parameter>: prints its value. */
#include <stdio.h>
#include <string.h>

/* Each entry is one line that begins with the key. Returns 1 if there is one, for the shape or for "*" (any other). */
static int lookup(const char *path, char **key, const char *shape, const char *parameter, char *value, size_t size) {
  static char line[1 << 16], begin[2048], name[256];
  const char *form = "{\"device\":\"%s\",\"compiler\":\"%s\",\"kernel\":\"%s\",\"dtype\":\"%s\",\"shape\":\"%s\",";
  char *found = NULL;
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  snprintf(begin, sizeof begin, form, key[0], key[1], key[2], key[3], shape);
  snprintf(name, sizeof name, "\"%s\":", parameter);
  while (found == NULL && fgets(line, sizeof line, file) != NULL)
    if (strncmp(line, begin, strlen(begin)) == 0) found = strstr(line, "\"configuration\":{");
  fclose(file);
  if (found == NULL) return strcmp(shape, "*") != 0 && lookup(path, key, "*", parameter, value, size);
  *strstr(found, ",\"withoutChoice\":") = '\0';
  if ((found = strstr(found + strlen("\"configuration\""), name)) == NULL) return 0;
  found += strlen(name) + (found[strlen(name)] == '"'); /* a text without its quotes */
  return snprintf(value, size, "%.*s", (int)strcspn(found, found[-1] == '"' ? "\"" : ",}"), found) > 0;
}

int main(int count, char **words) {
  char value[256];
  if (count != 8 || !lookup(words[1], words + 2, words[6], words[7], value, sizeof value)) return 1;
  return puts(value) < 0;
}
