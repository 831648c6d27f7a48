// The cells of a table's text, a block at a time: libcsv's callbacks, and the numbers in cells.
#ifndef CTABLECELLS_H
#define CTABLECELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What a cell holds.
enum {
  /// A finite decimal number: digits with an optional sign, point and exponent.
  CELL_NUMBER,
  /// nan, inf or infinity in any case, or a decimal number beyond the range of a double.
  CELL_NOT_FINITE,
  /// The cell holds nothing.
  CELL_EMPTY,
  /// The cell says that something is missing.
  CELL_MISSING,
  /// Digits only, the first of several a zero, or more of them than a double keeps: a code rather than a number, whose value it has.
  CELL_CODE,
  /// Anything else.
  CELL_TEXT
};

/// How cells are to be understood.
typedef struct {
  char decimal;         // what stands before the decimals
  const uint8_t *missing;  // the texts that say that something is missing, each behind its length, the longest first, and a zero at the end
  const double *missing_numbers;  // the numbers among them, such as -9
  size_t missing_number_count;
} cell_format;

/// The kind of a cell of `count` bytes, after which there is a zero byte. A number's value is strtod's, to the last bit, in whatever
/// locale.
uint8_t cell_parse(const char *text, size_t count, const cell_format *format, double *value);

/// Cells in the order of the file.
typedef struct {
  double *values;     // NaN for what is no finite number
  uint8_t *kinds;     // CELL_NUMBER, …
  size_t *text_ends;  // cell i's text ends here and starts where that of cell i − 1 ends
  size_t cell_count;
  size_t cell_capacity;
  char *text;
  size_t text_count;
  size_t text_capacity;
  size_t *row_ends;  // the number of cells up to each row's end
  size_t row_count;
  size_t row_capacity;
  bool is_out_of_memory;  // cells were lost
  cell_format format;
} cell_block;

/// libcsv's callback for a cell, whose blanks at the ends count only in text; `block` is a cell_block.
void cell_block_append(void *text, size_t count, void *block);

/// libcsv's callback for the end of a row.
void cell_block_end_row(int terminator, void *block);

/// Removes the cells of the complete rows; those of a row that has only begun move to the front.
void cell_block_remove_rows(cell_block *block);

/// Copies the values of a column of complete rows from `first_row` on up to the first cell that is no number. Returns how many.
size_t cell_block_copy_numbers(
    const cell_block *block, size_t column, size_t column_count, size_t first_row, double *numbers);

/// How the numbers of a column are written.
typedef struct {
  bool has_decimals;   // a number with a point that sets no thousands apart, such as 0.5 or 1.25
  bool has_thousands;  // a number of 1000 or more without a point
  bool has_small;      // a number below 1000 without a point
  bool has_grouped;    // a number such as 1.500
  double first_grouped;
  size_t first_grouped_row;
} number_forms;

/// Adds how the numbers in a column of complete rows are written, the first of which is row `rows_before` of the file, up to one with decimals or
/// thousands.
void cell_block_add_forms(
    const cell_block *block, size_t column, size_t column_count, size_t rows_before, number_forms *forms);

/// Frees the block's memory.
void cell_block_free(cell_block *block);

/// Decodes `count` numbers of `size` bytes, `stride` numbers apart, with their bytes in the machine's order or swapped: IEEE ones of 4 or 8
/// bytes if `kind` is f; if it is i or u, whole ones with a sign or without, of 1, 2, 4 or 8 bytes.
void decode_numbers(
    const void *bytes, size_t count, size_t stride, char kind, size_t size, bool is_swapped, double *values);

/// What turns bytes into others, piece by piece: compressed ones into those that were compressed, text in some encoding into UTF-8.
typedef struct text_decoder text_decoder;

/// What became of bytes.
enum {
  /// All were taken, but perhaps for the beginning of a character, which the next call must begin with.
  DECODER_DONE,
  /// The output is full: call again with the bytes that are left, perhaps none.
  DECODER_FULL,
  /// The bytes are not what they should be.
  DECODER_BROKEN
};

/// Decompresses gzip. Null without memory.
text_decoder *gunzip_open(void);

/// Makes UTF-8 of an encoding that iconv knows; null for any other.
text_decoder *transcoder_open(const char *encoding);

/// Decodes `count` bytes into at most `capacity` others: how many were taken, and how many made.
int text_decoder_decode(
    text_decoder *decoder, const uint8_t *bytes, size_t count, size_t *taken, uint8_t *out, size_t capacity,
    size_t *made);

/// Whether the bytes so far are whole.
bool text_decoder_is_complete(const text_decoder *decoder);

/// Frees the decoder.
void text_decoder_close(text_decoder *decoder);

/// Has all threads share one heap, where each would get its own.
void share_one_heap(void);

#endif
