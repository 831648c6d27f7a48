#include "CTableCells.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <zlib.h>

struct text_decoder {
  bool is_gzip;
  bool is_complete;  // no member of a gzip file, and no character, has only begun
  z_stream stream;
  iconv_t conversion;
};

text_decoder *gunzip_open(void) {
  text_decoder *decoder = calloc(1, sizeof *decoder);
  if (!decoder) return NULL;
  decoder->is_gzip = true;
  // The largest window, and a header of gzip.
  if (inflateInit2(&decoder->stream, 15 + 16) == Z_OK) return decoder;
  free(decoder);
  return NULL;
}

text_decoder *transcoder_open(const char *encoding) {
  text_decoder *decoder = calloc(1, sizeof *decoder);
  if (!decoder) return NULL;
  decoder->is_complete = true;
  decoder->conversion = iconv_open("UTF-8", encoding);
  if (decoder->conversion != (iconv_t)-1) return decoder;
  free(decoder);
  return NULL;
}

static int gunzip(
    text_decoder *decoder, const uint8_t *bytes, size_t count, size_t *taken, uint8_t *out, size_t capacity,
    size_t *made) {
  z_stream *stream = &decoder->stream;
  stream->next_in = (uint8_t *)bytes;
  stream->avail_in = (unsigned)count;
  stream->next_out = out;
  stream->avail_out = (unsigned)capacity;
  int status = DECODER_DONE;
  while (status == DECODER_DONE) {
    if (decoder->is_complete) {
      // A file may consist of several members, one after another, with zeros behind the last, as tapes have.
      while (stream->avail_in && !*stream->next_in) {
        stream->next_in++;
        stream->avail_in--;
      }
      if (!stream->avail_in) break;
      inflateReset(stream);
      decoder->is_complete = false;
    }
    int result = inflate(stream, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      decoder->is_complete = true;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      status = DECODER_BROKEN;
    } else if (!stream->avail_out) {
      // There may be more behind it, even without input.
      status = DECODER_FULL;
    } else if (!stream->avail_in) {
      break;
    }
  }
  *taken = count - stream->avail_in;
  *made = capacity - stream->avail_out;
  return status;
}

static int transcode(
    text_decoder *decoder, const uint8_t *bytes, size_t count, size_t *taken, uint8_t *out, size_t capacity,
    size_t *made) {
  char *in = (char *)bytes, *next = (char *)out;
  size_t left = count, room = capacity;
  size_t result = iconv(decoder->conversion, &in, &left, &next, &room);
  *taken = count - left;
  *made = capacity - room;
  decoder->is_complete = !left;
  if (result != (size_t)-1 || errno == EINVAL) return DECODER_DONE;
  return errno == E2BIG ? DECODER_FULL : DECODER_BROKEN;
}

int text_decoder_decode(
    text_decoder *decoder, const uint8_t *bytes, size_t count, size_t *taken, uint8_t *out, size_t capacity,
    size_t *made) {
  return (decoder->is_gzip ? gunzip : transcode)(decoder, bytes, count, taken, out, capacity, made);
}

bool text_decoder_is_complete(const text_decoder *decoder) { return decoder->is_complete; }

void text_decoder_close(text_decoder *decoder) {
  if (decoder->is_gzip) {
    inflateEnd(&decoder->stream);
  } else {
    iconv_close(decoder->conversion);
  }
  free(decoder);
}
