// The cells of random text, cut at random places, and of text that is nearly numbers; bytes of numbers in every order.
#include "CTableCells.h"

#include <csv.h>
#include <locale.h>
#include <string.h>
#include <zlib.h>

#include "checks.h"

/// Text of the given letters, in memory that ends with the byte behind it, a zero.
static char *random_text(size_t count, const char *letters) {
  size_t letter_count = strlen(letters);
  char *text = exact_memory(count + 1);
  for (size_t i = 0; i < count; i++) text[i] = letters[random_below(letter_count)];
  text[count] = 0;
  return text;
}

static const cell_format usual_format = {.decimal = '.', .missing = (const uint8_t *)"\2NA\1-"};

static void check_cell(const char *text, size_t count) {
  double value = 0;
  uint8_t kind = cell_parse(text, count, &usual_format, &value);
  CHECK(kind <= CELL_TEXT, "kind %d", kind);
  CHECK((kind == CELL_EMPTY) == (count == 0), "%s", text);
  if (kind == CELL_NUMBER || kind == CELL_CODE) {
    char *end;
    double expected = strtod(text, &end);
    CHECK(end == text + count && value == expected && isfinite(value), "%s: %.17g, not %.17g", text, value, expected);
  } else {
    CHECK(isnan(value), "%s: %g", text, value);
  }
}

static void check_cells(void) {
  static const char *const alphabets[] = {"0123456789", "+-.eE0123456789", "019.", "naifNAIFtyTY+-", "e-0", "x1 \"\0"};
  for (int i = 0; i < 200000; i++) {
    size_t count = random_below(random_below(20) == 0 ? 400 : 24);
    char *text = random_text(count, alphabets[random_below(sizeof alphabets / sizeof *alphabets)]);
    check_cell(text, count);
    free(text);
  }
  // A zero byte within a cell ends no number.
  static const char cut[] = "12\0003";
  double value;
  CHECK(cell_parse(cut, 4, &usual_format, &value) == CELL_TEXT, "a zero byte");
  // Decimal commas, few digits and many.
  static const double sentinels[] = {-9};
  const cell_format commas = {
      .decimal = ',', .missing = (const uint8_t *)"", .missing_numbers = sentinels, .missing_number_count = 1};
  CHECK(cell_parse("6,25", 4, &commas, &value) == CELL_NUMBER && value == 6.25, "a comma");
  CHECK(cell_parse("0,30000000000000000000001", 25, &commas, &value) == CELL_NUMBER && value == 0.3, "many digits");
  CHECK(cell_parse("6.25", 4, &commas, &value) == CELL_TEXT, "a point");
  CHECK(cell_parse("-9,0", 4, &commas, &value) == CELL_MISSING, "a missing number");
  // The program's locale does not matter, where the machine has one with commas.
  printf("table_cells: %s\n", setlocale(LC_ALL, "de_DE.UTF-8") ? "in a locale with commas, too" : "no locale with commas here");
  CHECK(cell_parse("0.30000000000000000000000001", 28, &usual_format, &value) == CELL_NUMBER && value == 0.3, "a locale");
  CHECK(cell_parse("0,30000000000000000000000001", 28, &commas, &value) == CELL_NUMBER && value == 0.3, "a locale");
  setlocale(LC_ALL, "C");
}

/// What must be true of a block whenever its reader looks at it.
static void check_block(const cell_block *block) {
  CHECK(!block->is_out_of_memory, "no memory");
  size_t end = 0;
  for (size_t i = 0; i < block->cell_count; i++) {
    CHECK(block->text_ends[i] >= end && block->kinds[i] <= CELL_TEXT, "cell %zu", i);
    CHECK((block->kinds[i] == CELL_NUMBER || block->kinds[i] == CELL_CODE) == !isnan(block->values[i]), "cell %zu", i);
    end = block->text_ends[i];
  }
  CHECK(end == block->text_count, "%zu bytes of text, not %zu", block->text_count, end);
  size_t row_end = 0;
  for (size_t i = 0; i < block->row_count; i++) {
    CHECK(block->row_ends[i] >= row_end && block->row_ends[i] <= block->cell_count, "row %zu", i);
    row_end = block->row_ends[i];
  }
}

/// Numbers of a column, as long as all rows have as many cells as the first.
static void check_columns(const cell_block *block) {
  if (!block->row_count) return;
  size_t columns = block->row_ends[0];
  for (size_t i = 0; i < block->row_count; i++)
    if (block->row_ends[i] != (i + 1) * columns) return;
  for (size_t column = 0; column < columns; column++) {
    size_t first = random_below(block->row_count + 1), rows = block->row_count - first;
    double *numbers = exact_memory(rows * sizeof *numbers);
    size_t count = cell_block_copy_numbers(block, column, columns, first, numbers);
    CHECK(count <= rows, "%zu of %zu numbers", count, rows);
    free(numbers);
    number_forms forms = {0};
    cell_block_add_forms(block, column, columns, 0, &forms);
    CHECK(!forms.has_grouped || (forms.first_grouped_row < block->row_count && fabs(forms.first_grouped) < 1000), "a grouped number");
  }
}

static void check_file(const char *text, size_t count) {
  struct csv_parser parser;
  cell_block block = {.format = usual_format};
  CHECK(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) == 0, "libcsv");
  for (size_t start = 0; start < count;) {
    size_t size = 1 + random_below(count - start);
    // A chunk of its own, so that nobody reads past its end.
    char *chunk = exact_memory(size);
    memcpy(chunk, text + start, size);
    size_t parsed = csv_parse(&parser, chunk, size, cell_block_append, cell_block_end_row, &block);
    free(chunk);
    check_block(&block);
    check_columns(&block);
    if (random_below(2)) cell_block_remove_rows(&block);
    check_block(&block);
    if (parsed < size) break;
    start += size;
  }
  csv_fini(&parser, cell_block_append, cell_block_end_row, &block);
  check_block(&block);
  cell_block_remove_rows(&block);
  cell_block_free(&block);
  csv_free(&parser);
}

static void check_files(void) {
  static const char *const alphabets[] = {"1,2,3\n", "0123456789.,,,\n", "ab\"\",,\r\n", ",\n", "\"", "x,\t;\xff\xfe\n\"",
                                          "\xc2\xa0\xe2\x80\x8e\xe3\xef\xbb\xbf 1.\",,\n", "1.5,500\n"};
  for (int i = 0; i < 3000; i++) {
    // Now and then more than the arrays hold at first.
    size_t count = random_below(random_below(30) == 0 ? 20000 : 300);
    char *text = random_text(count, alphabets[random_below(sizeof alphabets / sizeof *alphabets)]);
    for (size_t j = random_below(5); j > 0 && count; j--) text[random_below(count)] = (char)random_word();
    check_file(text, count);
    free(text);
  }
}

/// What a decoder makes of bytes that come in pieces of random lengths, with a random room for what it makes; false if they are broken.
static bool decode_in_pieces(text_decoder *decoder, const char *bytes, size_t count, char *out, size_t *made) {
  for (size_t start = 0; start < count;) {
    size_t size = 1 + random_below(count - start);
    char *piece = exact_memory(size);
    memcpy(piece, bytes + start, size);
    size_t done = 0;
    for (int status = DECODER_FULL; status == DECODER_FULL;) {
      size_t taken, some, room = 1 + random_below(64);
      uint8_t *part = exact_memory(room);
      status = text_decoder_decode(decoder, (uint8_t *)piece + done, size - done, &taken, part, room, &some);
      CHECK(taken <= size - done && some <= room, "%zu of %zu, %zu of %zu", taken, size - done, some, room);
      if (out) memcpy(out + *made, part, some);
      *made += some;
      done += taken;
      free(part);
      if (status == DECODER_BROKEN) {
        free(piece);
        return false;
      }
    }
    free(piece);
    // The beginning of a character comes again with the next piece.
    start += done;
    if (!done && size == count - start) return true;
  }
  return true;
}

static void check_decoders(void) {
  CHECK(!transcoder_open("no such encoding"), "an encoding that nobody knows");
  for (int i = 0; i < 300; i++) {
    size_t count = random_below(5000);
    char *text = random_text(count, "abc,1\n");
    uLong bound = compressBound(count) + 32;
    char *packed = exact_memory(bound), *out = exact_memory(count + 1);
    z_stream stream = {0};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = (Bytef *)text;
    stream.avail_in = (uInt)count;
    stream.next_out = (Bytef *)packed;
    stream.avail_out = (uInt)bound;
    CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END, "zlib");
    size_t size = bound - stream.avail_out, made = 0;
    deflateEnd(&stream);
    text_decoder *decoder = gunzip_open();
    CHECK(decode_in_pieces(decoder, packed, size, out, &made), "broken");
    CHECK(made == count && !memcmp(out, text, count) && text_decoder_is_complete(decoder), "%zu of %zu", made, count);
    text_decoder_close(decoder);
    // Cut off it is not complete; damaged it may be anything, but harms nobody.
    decoder = gunzip_open();
    made = 0;
    decode_in_pieces(decoder, packed, size - 1, NULL, &made);
    CHECK(!text_decoder_is_complete(decoder), "complete without its end");
    text_decoder_close(decoder);
    packed[random_below(size)] = (char)random_word();
    decoder = gunzip_open();
    made = 0;
    decode_in_pieces(decoder, packed, size, NULL, &made);
    text_decoder_close(decoder);
    decoder = transcoder_open("UTF-16");
    made = 0;
    decode_in_pieces(decoder, packed, size, NULL, &made);
    text_decoder_close(decoder);
    free(text);
    free(packed);
    free(out);
  }
}

static void check_numbers(void) {
  static const char kinds[] = "ffiiiiuuuu";
  static const size_t sizes[] = {4, 8, 1, 2, 4, 8, 1, 2, 4, 8};
  for (size_t code = 0; code < sizeof sizes / sizeof *sizes; code++)
    for (size_t stride = 1; stride <= 3; stride++)
      for (size_t count = 0; count <= 40; count++)
        for (size_t offset = 0; offset < 8; offset++) {
          size_t size = sizes[code], length = count ? ((count - 1) * stride + 1) * size : 0;
          char *bytes = exact_memory(offset + length), *swapped = exact_memory(offset + length);
          double *values = exact_memory(count * sizeof *values), *again = exact_memory(count * sizeof *again);
          for (size_t i = 0; i < length; i++) {
            bytes[offset + i] = (char)random_word();
            swapped[offset + (i / size) * size + size - 1 - i % size] = bytes[offset + i];
          }
          decode_numbers(bytes + offset, count, stride, kinds[code], size, false, values);
          decode_numbers(swapped + offset, count, stride, kinds[code], size, true, again);
          for (size_t i = 0; i < count; i++) CHECK(values[i] == again[i] || isnan(values[i]), "%zu of %zu", i, count);
          free(bytes);
          free(swapped);
          free(values);
          free(again);
        }
}

int main(void) {
  check_cells();
  check_files();
  check_decoders();
  check_numbers();
  printf("table_cells: cells, files and numbers\n");
}
