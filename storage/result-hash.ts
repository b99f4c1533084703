import { createHash } from 'node:crypto'
import type { Queryable } from './database.js'

/**
 * What a run came to, as canonical JSON lines per table. Natural keys stand for surrogate ids; recorded times, ports and durations are left out;
 * instants are epoch milliseconds; texts sort by code unit. Two runs with one seed give the same lines on any machine.
 */
const canonicalTables = [
  {
    name: 'readings',
    select: `
      select jsonb_build_array(m.code, r.quantity, epoch_ms(r.read_at), r.total_e4, r.tou1_e4, r.tou2_e4, r.tou3_e4, r.tou4_e4, r.source)
        from reading_claims r join meter m using (meter_id)
       order by m.code, r.quantity, r.read_at, r.total_e4, r.tou1_e4, r.tou2_e4, r.tou3_e4, r.tou4_e4, r.source`,
  },
  {
    name: 'decisions',
    select: `
      select jsonb_build_array(m.code, d.quantity, epoch_ms(d.read_at), d.revision, d.verdict, d.total_e4, d.tou1_e4, d.tou2_e4, d.tou3_e4, d.tou4_e4, d.rules)
        from validation_decision d join meter m using (meter_id)
       order by m.code, d.quantity, d.read_at, d.revision`,
  },
  {
    name: 'determinants',
    select: `
      select jsonb_build_array(a.code, epoch_ms(d.period_start), epoch_ms(d.period_end), s.revision, d.tariff_code, d.settlement_kind, d.ladder_from,
               d.energy_e4, d.tou1_e4, d.tou2_e4, d.tou3_e4, d.tou4_e4, d.estimated, d.multipliers)
        from determinant d join determinant_set s using (set_id) join account a using (account_id)
       order by a.code, d.period_start, s.revision`,
  },
  {
    name: 'bills',
    select: `
      select jsonb_build_array(a.code, i.first_number + b.ordinal, epoch_ms(b.period_start), epoch_ms(b.period_end), b.energy_e4, b.amount_fen, b.ladder_energy_e4,
               b.line_component, b.line_slot, b.line_block, b.line_quantity_e4, b.line_price_e8, b.line_fen, b.tariff_code, b.tariff_version)
             || case when c.lines is null then '[]'::jsonb else jsonb_build_array(c.lines) end
        from bill b join account a using (account_id) join segment_issue i using (segment_id) left join component_bill c using (segment_id, ordinal)
       order by a.code, b.period_start`,
  },
  {
    name: 'entries',
    select: `
      select jsonb_build_array(s.natural_key, e.ordinal, e.effective_date, e.document_kind, a.code, e.ledger_numbers, e.amounts_fen)
        from journal_entry e join ledger_segment s using (segment_id) left join account a using (account_id)
       order by s.natural_key, e.ordinal`,
  },
  {
    name: 'notices',
    select: `
      select jsonb_build_array(a.code, n.step, n.attempt, n.channel, n.open_fen, epoch_ms(o.not_before),
               (select jsonb_agg(jsonb_build_array(e.kind, epoch_ms(e.occurred_at)) order by e.ordinal) from outbox_event e where e.message_id = n.notice_id))
        from notice n join dunning_case c using (case_id) join account a using (account_id) join outbox_message o on o.message_id = n.notice_id
       order by a.code, c.segment_id, c.ordinal, n.step, n.attempt`,
  },
  {
    name: 'tasks',
    select: `
      select jsonb_build_array(a.code, g.code, t.assignee, t.open_fen, t.due_date)
        from manual_task t join account a using (account_id) join grid_cell g using (grid_cell_id)
       order by a.code, t.due_date, t.open_fen`,
  },
] as const

export interface ResultHash {
  readonly sha256: string
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly sha256: string }[]
}

/** SHA-256 over the canonical lines of the named tables, streamed, so that a city's month needs no memory. */
export async function resultHash(database: Queryable): Promise<ResultHash> {
  const tables = []
  for (const { name, select } of canonicalTables) tables.push({ name, ...(await tableHash(database, select)) })
  const whole = createHash('sha256')
  for (const { name, sha256 } of tables) whole.update(`${name} ${sha256}\n`)
  return { sha256: whole.digest('hex'), tables }
}

const newline = 0x0a

async function tableHash(
  database: Queryable,
  select: string,
): Promise<{ readonly rows: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  let rows = 0
  // A quote and a delimiter that JSON text never holds, so that each line leaves the server as it is.
  await database.copyOut(`copy (${select}) to stdout (format csv, quote E'\\x01', delimiter E'\\x02')`, (chunk) => {
    hash.update(chunk)
    for (const byte of chunk) if (byte === newline) rows += 1
  })
  return { rows, sha256: hash.digest('hex') }
}
