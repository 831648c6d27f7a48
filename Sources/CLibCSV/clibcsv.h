// libcsv, a CSV parser after RFC 4180.
#include <csv.h>
