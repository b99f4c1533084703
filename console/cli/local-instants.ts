import { type Calendar, localMinute } from '../../domain/time.js'

const instant = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g

/** A stored text with the instants that it names as people of the zone read them; it may name any number of them. */
export function localInstants(text: string, calendar: Calendar): string {
  return text.replaceAll(instant, (one) => localMinute(calendar, Date.parse(one)))
}
