/** Words that every command about orders uses. */
export const actorHelp = '操作员 who acts, as registered'
export const jsonHelp = 'one JSON document'
