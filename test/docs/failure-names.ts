import type { SourceFile } from '../architecture/source-files.js'

/** Name of a failure and a file that declares or gives it. */
export interface FailureName {
  readonly name: string
  readonly path: string
}

const literal = /'([a-z][a-z0-9_]*)'/g
const key = /(?:^|[{,\n])\s*([a-z][a-z0-9_]*):/g
const kind = /\b(?:kind|code):\s*((?:\|?\s*'[a-z][a-z0-9_]*'\s*)+)/g

/** Constant lists and tables whose name says that they hold failures, or the rules that a doubtful reading names; a table is keyed by them. */
const lists =
  /const (\w*(?:[cC]auses|[cC]odes|[vV]iolationKinds|[rR]easons|[pP]roblems|ruleNames))\b[^=]*=\s*([[{][\s\S]*?\n?[\]}])(?: as const)?/g
/** Types whose name says that they are failures, up to the next declaration. */
const namedTypes =
  /(?:^|\n)(?:export )?type (\w*(?:Advice|Cause|Code|ViolationKind|DefectKind|RefusalKind|Reason|Problem|ExceptionName|Mismatch))\b\s*=([^\n]*(?:\n[ |][^\n]*)*)/g
const failureTypes =
  /(?:^|\n)(?:export )?(?:type|interface) \w*(?:Errors?|Defect|Refused|Fault|Hold)\b([^\n]*(?:\n[ |}][^\n]*)*)/g
/** Failures named where they are given. */
const given = /\berr\(\{\s*kind:\s*'([a-z][a-z0-9_]*)'/g
/** Reasons that are stored or shown beside a kind: a refusal, something kept aside, a notice that did not leave. */
const becauseOf = /\b(?:reason|detail):\s*'([a-z][a-z0-9_]*)'/g
const inResult = /Result<[^;{}]*,\s*\{\s*(?:readonly )?kind:\s*((?:\|?\s*'[a-z][a-z0-9_]*'\s*)+)/g
/** Rules over master data and days of curves; what is found names those that spoke. */
const rules = /\{\s*name:\s*'([a-z][a-z0-9_]*)',\s*rule\b/g

/**
 * Every name under which the product reports a failure or advises what to do: what the lists and types above hold, the `kind` and `code` of every type named
 * …Error, …Defect or …Refused, what `err` is given, literal reasons, and the names of validation rules.
 */
export function failureNames(files: readonly SourceFile[]): readonly FailureName[] {
  return files.flatMap(({ path, text }) => [...new Set(namesIn(withoutComments(text)))].map((name) => ({ name, path })))
}

/** Names that a UserError carries in its prose, where no program can see them. */
export function namesInProse(text: string): readonly string[] {
  return bodies(/\bnew UserError\(\s*'\w+',\s*[`'"]([a-z]+(?:_[a-z]+)+): /g, withoutComments(text), 1)
}

function namesIn(text: string): readonly string[] {
  return [
    ...bodies(lists, text, 2).flatMap((body) => bodies(body.startsWith('[') ? literal : key, body, 1)),
    ...bodies(namedTypes, text, 2).flatMap((body) => bodies(literal, body, 1)),
    ...[
      ...bodies(failureTypes, text, 1).flatMap((body) => bodies(kind, body, 1)),
      ...bodies(inResult, text, 1),
    ].flatMap((body) => bodies(literal, body, 1)),
    ...bodies(given, text, 1),
    ...bodies(becauseOf, text, 1),
    ...bodies(rules, text, 1),
  ]
}

function bodies(pattern: RegExp, text: string, group: number): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[group] ?? '')
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/[^\n]*/g, '$1')
}
