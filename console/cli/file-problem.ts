const problems = new Map([
  ['ENOENT', '没有此文件 no such file or folder'],
  ['EACCES', '没有权限 no right to it'],
  ['EISDIR', '是文件夹 is a folder'],
  ['ENOTDIR', '路径中有文件 a file stands where a folder should'],
  ['ENOSPC', '磁盘已满 no space left'],
  ['EROFS', '只读 read-only'],
  ['EEXIST', '已存在 exists already'],
])

/** The system's word about a file that somebody named, without the path that the caller says anyway. */
export function fileProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return problems.get('code' in error ? String(error.code) : '') ?? error.message
}
