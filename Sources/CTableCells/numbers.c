// strtod_l
#define _GNU_SOURCE

#include "CTableCells.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#ifdef __APPLE__
#include <xlocale.h>
#endif

/// A decimal number: ± mantissa · 10^exponent, if `is_exact`: if all its digits went into the mantissa.
typedef struct {
  bool is_negative;
  bool is_exact;
  uint64_t mantissa;
  long exponent;
  bool is_code;    // digits only, the first of several a zero
} decimal;

/// Reads digits into the mantissa, as many as surely fit. Returns what follows them.
static inline const char *read_digits(const char *next, decimal *number) {
  uint64_t mantissa = number->mantissa;
  for (unsigned digit; (digit = (unsigned)(unsigned char)*next - '0') < 10; next++) {
    if (mantissa > (UINT64_MAX - 9) / 10) number->is_exact = false;
    mantissa = 10 * mantissa + digit;
  }
  number->mantissa = mantissa;
  return next;
}

/// Whether the text is a decimal number.
static inline bool read_decimal(const char *text, size_t count, char point, decimal *number) {
  const char *next = text;
  *number = (decimal){.is_negative = *next == '-', .is_exact = true};
  if (*next == '-' || *next == '+') next++;
  const char *digits = next;
  next = read_digits(next, number);
  ptrdiff_t digit_count = next - digits;
  number->is_code = *text == '0' && digit_count > 1 && next == text + count;
  bool is_whole = next == text + count;
  if (*next == point) {
    const char *fraction = ++next;
    next = read_digits(next, number);
    digit_count += next - fraction;
    number->exponent = fraction - next;
  }
  if (!digit_count) return false;
  if (*next == 'e' || *next == 'E') {
    next++;
    bool is_negative = *next == '-';
    if (*next == '-' || *next == '+') next++;
    const char *start = next;
    long exponent = 0;
    for (unsigned digit; (digit = (unsigned)(unsigned char)*next - '0') < 10; next++) {
      if (exponent < 100000) exponent = 10 * exponent + (long)digit;
    }
    if (next == start) return false;
    number->exponent += is_negative ? -exponent : exponent;
  }
  // Digits that no double keeps number something, and others may differ in what is lost.
  if (is_whole && (!number->is_exact || (uint64_t)(double)number->mantissa != number->mantissa)) number->is_code = true;
  return next == text + count;
}

/// Finds a number's value where one rounding does it: both mantissa and power of ten are exact, so that their product or
/// quotient is rounded once (Clinger 1990).
static inline bool convert(decimal number, double *value) {
#if FLT_EVAL_METHOD == 0
  static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (!number.is_exact) return false;
  if (number.mantissa <= UINT64_C(1) << 53 && number.exponent >= -22 && number.exponent <= 22) {
    double mantissa = (double)number.mantissa;
    *value = number.exponent < 0 ? mantissa / powers[-number.exponent] : mantissa * powers[number.exponent];
    if (number.is_negative) *value = -*value;
    return true;
  }
#if LDBL_MANT_DIG == 64
  // Extended precision holds every mantissa of 64 bits and powers up to 10^27. The second rounding, to a double, goes the
  // right way unless the first one ended exactly between two doubles: it is monotone, so it never crosses that point.
  static const long double long_powers[] = {
      1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
      1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
  if (number.mantissa && number.exponent >= -27 && number.exponent <= 27) {
    long double mantissa = (long double)number.mantissa;
    long double extended =
        number.exponent < 0 ? mantissa / long_powers[-number.exponent] : mantissa * long_powers[number.exponent];
    uint64_t bits;
    memcpy(&bits, &extended, sizeof bits);
    if ((bits & 0x7FF) == 0x400) return false;
    *value = number.is_negative ? -(double)extended : (double)extended;
    return true;
  }
#endif
#endif
  return false;
}

static bool is_not_finite(const char *text, size_t count) {
  size_t sign = *text == '-' || *text == '+';
  const char *const names[] = {"nan", "inf", "infinity"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (count - sign == strlen(names[i]) && !strcasecmp(text + sign, names[i])) return true;
  }
  return false;
}

static locale_t plain_locale;

static void make_plain_locale(void) { plain_locale = newlocale(LC_ALL_MASK, "C", NULL); }

/// The number that strtod finds in a decimal number, with a point whatever the program's locale has.
static double convert_slowly(const char *text, size_t count, char point) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, make_plain_locale);
  const char *mark = point == '.' ? NULL : strchr(text, point);
  if (!mark) return strtod_l(text, NULL, plain_locale);
  char *copy = malloc(count + 1);
  if (!copy) return NAN;
  memcpy(copy, text, count + 1);
  copy[mark - text] = '.';
  double value = strtod_l(copy, NULL, plain_locale);
  free(copy);
  return value;
}

/// Whether `count` bytes, one at least, are one of the texts, of which the longest come first.
static bool is_missing(const char *text, size_t count, const uint8_t *missing) {
  for (size_t length; (length = *missing) >= count; missing += length + 1) {
    if (length == count && !memcmp(text, missing + 1, count)) return true;
  }
  return false;
}

uint8_t cell_parse(const char *text, size_t count, const cell_format *format, double *value) {
  *value = NAN;
  if (!count) return CELL_EMPTY;
  decimal number;
  if (read_decimal(text, count, format->decimal, &number)) {
    if (!convert(number, value)) {
      double slow = convert_slowly(text, count, format->decimal);
      if (!isfinite(slow)) return CELL_NOT_FINITE;
      *value = slow;
    }
    for (size_t i = 0; i < format->missing_number_count; i++) {
      if (*value != format->missing_numbers[i]) continue;
      *value = NAN;
      return CELL_MISSING;
    }
    return number.is_code ? CELL_CODE : CELL_NUMBER;
  }
  if (is_missing(text, count, format->missing)) return CELL_MISSING;
  return is_not_finite(text, count) ? CELL_NOT_FINITE : CELL_TEXT;
}
