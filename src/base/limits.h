/* Every door's limit in one place. A limit that an outsider can meet is named in the error he gets. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define LIMIT_JSON_DEPTH 32
#define LIMIT_JSON_BYTES (8 * 1024 * 1024)
#define LIMIT_JSON_NODES 1000000
#define LIMIT_JSON_FILE_NODES 4000000 /* of a file of its own, as large as an upload may be */

#define LIMIT_BODY_BYTES (1024 * 1024)        /* a JSON request body */
#define LIMIT_UPLOAD_BYTES (64 * 1024 * 1024) /* a file or a ledger */
#define LIMIT_URL_BYTES 8192
#define LIMIT_STREAMS 4096     /* open event streams */
#define LIMIT_STREAM_QUEUE 256 /* events waiting for one slow stream */

#define LIMIT_ZIP_ENTRIES 4096
#define LIMIT_ZIP_BYTES (512LL * 1024 * 1024) /* inflated, all entries together */
#define LIMIT_ZIP_RATIO 200                   /* inflated / packed, over 1 MiB */
#define LIMIT_XML_DEPTH 64
#define LIMIT_XML_ATTRIBUTE_BYTES (64 * 1024)

#define LIMIT_IMPORT_ROWS 1100000
#define LIMIT_IMPORT_COLUMNS 2048
#define LIMIT_IMPORT_CELL_BYTES (64 * 1024)
#define LIMIT_IMPORT_CELLS 24000000 /* filled ones, of all sheets */
#define LIMIT_IMPORT_MERGES 65536   /* merged ranges of one sheet */
#define LIMIT_IMPORT_SHEETS 256

#define LIMIT_SUMMARY_LINKS 4000000 /* links between parts that the links of summaries stand for */
#define LIMIT_UNITED_CALENDARS 4096 /* different sets of crews' calendars in one plan */

#define LIMIT_QUERY_ROWS 100000 /* rows of one answer; paging has no end */
#define LIMIT_ERR_TEXT 600
#define LIMIT_ERR_PLACE 200

#define LIMIT_REGISTERS 256
#define LIMIT_FIELDS 512 /* fields of one register */
#define LIMIT_CHOICES 2000

#endif
