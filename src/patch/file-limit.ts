/** Bytes a patch file may have. */
export const FILE_LIMIT: number = 64 * 1024 * 1024;
