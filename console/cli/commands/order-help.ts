/** Words that every command about orders uses. */
export const actorHelp = '操作员 who acts, as registered'
export const jsonHelp = '输出一个 JSON 文档 one JSON document'
