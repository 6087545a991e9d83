/** The kernel refuses to start a program with a longer `NAME=value` (MAX_ARG_STRLEN on Linux). */
export const valueBytesMax = 128 * 1024 - 1

/** All values of one file: docker is started with them, and Linux allows about 2 MiB in all. */
export const environmentBytesMax = 1024 * 1024
