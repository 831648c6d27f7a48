#include "CTableCells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/// Makes room for `count` elements. Returns the array, perhaps moved, or null, where the old one stays.
static void *grow(void *array, size_t size, size_t count, size_t *capacity) {
  size_t wanted = *capacity < 1024 ? 1024 : *capacity;
  while (wanted < count) wanted *= 2;
  void *larger = realloc(array, wanted * size);
  if (larger) *capacity = wanted;
  return larger;
}

/// The three arrays of cells grow together.
static bool has_room_for_a_cell(cell_block *block) {
  if (block->cell_count < block->cell_capacity) return true;
  size_t capacity = block->cell_capacity, ignored = capacity;
  double *values = grow(block->values, sizeof *values, block->cell_count + 1, &capacity);
  if (values) block->values = values;
  uint8_t *kinds = grow(block->kinds, sizeof *kinds, block->cell_count + 1, &ignored);
  if (kinds) block->kinds = kinds;
  ignored = block->cell_capacity;
  size_t *text_ends = grow(block->text_ends, sizeof *text_ends, block->cell_count + 1, &ignored);
  if (text_ends) block->text_ends = text_ends;
  if (!values || !kinds || !text_ends) return false;
  block->cell_capacity = capacity;
  return true;
}

static bool has_room_for_text(cell_block *block, size_t count) {
  if (block->text_count + count <= block->text_capacity) return true;
  char *text = grow(block->text, 1, block->text_count + count, &block->text_capacity);
  if (text) block->text = text;
  return text;
}

/// How many bytes the blank beyond ASCII has that a text begins with, or ends with: a blank of Unicode, or a mark that nobody sees. 0 if there
/// is none.
static size_t wide_blank_length(const unsigned char *text, size_t count, bool at_end) {
  // U+00A0, and of U+2000 to U+206F blanks, marks of width zero or of direction, U+3000 and U+FEFF.
  static const unsigned char pairs[] = {0xC2, 0xA0};
  if (count >= 2 && !memcmp(at_end ? text + count - 2 : text, pairs, 2)) return 2;
  if (count < 3) return 0;
  const unsigned char *three = at_end ? text + count - 3 : text;
  bool is_blank = (three[0] == 0xE2 && three[1] == 0x80 && (three[2] <= 0x8F || (three[2] >= 0xA8 && three[2] <= 0xAF)))
                  || (three[0] == 0xE2 && three[1] == 0x81 && (three[2] == 0x9F || three[2] == 0xA0 || (three[2] >= 0xA6 && three[2] <= 0xAF)))
                  || (three[0] == 0xE3 && three[1] == 0x80 && three[2] == 0x80)
                  || (three[0] == 0xEF && three[1] == 0xBB && three[2] == 0xBF);
  return is_blank && three[2] >= 0x80 ? 3 : 0;
}

/// How many bytes the blank at the beginning of a text has, or at its end. 0 if there is none.
static inline size_t blank_length(const unsigned char *text, size_t count, bool at_end) {
  unsigned char edge = text[at_end ? count - 1 : 0];
  if (edge >= 0x80) return wide_blank_length(text, count, at_end);
  return edge == ' ' || (edge >= '\t' && edge <= '\r');
}

void cell_block_append(void *text, size_t count, void *context) {
  cell_block *block = context;
  if (block->is_out_of_memory) return;
  if (!has_room_for_a_cell(block) || !has_room_for_text(block, count)) {
    block->is_out_of_memory = true;
    return;
  }
  // What blanks enclose, also within quotes, where libcsv leaves them.
  char *inner = text;
  size_t inner_count = count;
  for (size_t length; inner_count && (length = blank_length((unsigned char *)inner, inner_count, false)); inner_count -= length) {
    inner += length;
  }
  for (size_t length; inner_count && (length = blank_length((unsigned char *)inner, inner_count, true));) inner_count -= length;
  char behind = inner[inner_count];
  inner[inner_count] = 0;
  uint8_t kind = cell_parse(inner, inner_count, &block->format, block->values + block->cell_count);
  inner[inner_count] = behind;
  // Text keeps its blanks, for names and levels are what stands in quotes.
  const char *kept = kind == CELL_TEXT ? text : inner;
  size_t kept_count = kind == CELL_TEXT ? count : inner_count;
  block->kinds[block->cell_count] = kind;
  if (kept_count) memcpy(block->text + block->text_count, kept, kept_count);
  block->text_count += kept_count;
  block->text_ends[block->cell_count++] = block->text_count;
}

void cell_block_end_row(int terminator, void *context) {
  (void)terminator;
  cell_block *block = context;
  if (block->row_count == block->row_capacity) {
    size_t *ends = grow(block->row_ends, sizeof *ends, block->row_count + 1, &block->row_capacity);
    if (!ends) {
      block->is_out_of_memory = true;
      return;
    }
    block->row_ends = ends;
  }
  block->row_ends[block->row_count++] = block->cell_count;
}

void cell_block_remove_rows(cell_block *block) {
  if (!block->row_count) return;
  size_t first = block->row_ends[block->row_count - 1];
  size_t start = first ? block->text_ends[first - 1] : 0;
  size_t left = block->cell_count - first;
  block->text_count -= start;
  // Cells without text have no memory for it, and null may not even be moved by nothing.
  if (block->text_count) memmove(block->text, block->text + start, block->text_count);
  memmove(block->values, block->values + first, left * sizeof *block->values);
  memmove(block->kinds, block->kinds + first, left * sizeof *block->kinds);
  for (size_t i = 0; i < left; i++) block->text_ends[i] = block->text_ends[first + i] - start;
  block->cell_count = left;
  block->row_count = 0;
}

size_t cell_block_copy_numbers(
    const cell_block *block, size_t column, size_t column_count, size_t first_row, double *numbers) {
  size_t count = 0;
  for (size_t row = first_row; row < block->row_count; row++, count++) {
    size_t cell = row * column_count + column;
    if (block->kinds[cell] != CELL_NUMBER) break;
    numbers[count] = block->values[cell];
  }
  return count;
}

/// Whether the text is one to three digits, of which the first is no zero, perhaps behind a sign, a point, and three digits.
static bool is_grouped(const char *text, size_t count, const char *point) {
  size_t sign = *text == '-' || *text == '+', whole = (size_t)(point - text) - sign;
  if (whole < 1 || whole > 3 || text[sign] == '0' || text + count - point != 4) return false;
  // An exponent would be a letter among the last three.
  return (unsigned)point[1] - '0' < 10 && (unsigned)point[2] - '0' < 10 && (unsigned)point[3] - '0' < 10;
}

void cell_block_add_forms(
    const cell_block *block, size_t column, size_t column_count, size_t rows_before, number_forms *forms) {
  // What settles a column is looked for no longer than until it is found.
  for (size_t row = 0; row < block->row_count && !forms->has_decimals && !forms->has_thousands; row++) {
    size_t cell = row * column_count + column;
    if (block->kinds[cell] != CELL_NUMBER) continue;
    size_t start = cell ? block->text_ends[cell - 1] : 0, count = block->text_ends[cell] - start;
    const char *text = block->text + start, *point = memchr(text, '.', count);
    if (!point) {
      *(fabs(block->values[cell]) < 1000 ? &forms->has_small : &forms->has_thousands) = true;
    } else if (!is_grouped(text, count, point)) {
      forms->has_decimals = true;
    } else if (!forms->has_grouped) {
      forms->has_grouped = true;
      forms->first_grouped = block->values[cell];
      forms->first_grouped_row = rows_before + row;
    }
  }
}

void cell_block_free(cell_block *block) {
  free(block->values);
  free(block->kinds);
  free(block->text_ends);
  free(block->text);
  free(block->row_ends);
}

/// The number of `size` bytes, of which `bits` has the lowest.
static double decode_number(uint64_t bits, char kind, size_t size) {
  if (kind == 'u') return (double)bits;
  if (kind == 'i') {
    uint64_t sign = UINT64_C(1) << (8 * size - 1);
    // The magnitude of a negative number, of which the least has no positive one.
    return bits & sign ? -(double)((~bits & (sign - 1)) + 1) : (double)bits;
  }
  if (size == 4) {
    uint32_t half = (uint32_t)bits;
    float value;
    memcpy(&value, &half, 4);
    return value;
  }
  double value;
  memcpy(&value, &bits, 8);
  return value;
}

void decode_numbers(
    const void *bytes, size_t count, size_t stride, char kind, size_t size, bool is_swapped, double *values) {
  const uint16_t one = 1;
  bool is_lowest_first = *(const uint8_t *)&one != is_swapped;
  const uint8_t *next = bytes;
  for (size_t i = 0; i < count; i++, next += stride * size) {
    uint64_t bits = 0;
    for (size_t k = 0; k < size; k++) bits = bits << 8 | next[is_lowest_first ? size - 1 - k : k];
    values[i] = decode_number(bits, kind, size);
  }
}

void share_one_heap(void) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 1);
#endif
}
