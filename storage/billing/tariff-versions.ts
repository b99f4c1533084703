import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface TariffVersionRow {
  readonly tariff_code: string
  readonly version: number
  readonly valid_from: LocalDate
  readonly valid_to: LocalDate | null
  /** As stored; whoever uses it parses it. */
  readonly document: unknown
  readonly sha256: Buffer
  readonly author: string
}

const columns = 'tariff_code, version, valid_from, valid_to, document, sha256, author'

/** All versions of one tariff, by begin of validity. */
export async function tariffVersions(client: Queryable, code: string): Promise<readonly TariffVersionRow[]> {
  return client.query<TariffVersionRow>(
    `select ${columns} from tariff_version where tariff_code = $1 order by valid_from, version`,
    [code],
  )
}

/** Those of the codes of which a version is on record, in order. */
export async function knownTariffCodes(client: Queryable, codes: readonly string[]): Promise<readonly string[]> {
  const rows = await client.query<{ tariff_code: string }>(
    'select distinct tariff_code from tariff_version where tariff_code = any($1) order by tariff_code',
    [codes],
  )
  return rows.map((row) => row.tariff_code)
}

/** Versions with two signatures that say they are valid on some day of [from, to), whatever followed, by code and begin of validity. */
export async function signedTariffVersions(
  client: Queryable,
  codes: readonly string[],
  from: LocalDate,
  to: LocalDate,
): Promise<readonly TariffVersionRow[]> {
  return client.query<TariffVersionRow>(
    `select ${columns} from tariff_version v
      where tariff_code = any($1) and valid_from < $3::date and $2::date < coalesce(valid_to, 'infinity')
        and (select count(*) from tariff_signature s where (s.tariff_code, s.version) = (v.tariff_code, v.version)) >= 2
      order by tariff_code, valid_from`,
    [codes, from, to],
  )
}

/**
 * Versions with two signatures that hold on some day of [from, to), by code and begin of validity: one that was registered without an end
 * holds until the next signed one begins, which is its `valid_to` here.
 */
export async function tariffVersionsInForce(
  client: Queryable,
  codes: readonly string[],
  from: LocalDate,
  to: LocalDate,
): Promise<readonly TariffVersionRow[]> {
  return client.query<TariffVersionRow>(
    `with signed as (
       select v.*, lead(valid_from) over (partition by tariff_code order by valid_from) as next_from from tariff_version v
        where tariff_code = any($1)
          and (select count(*) from tariff_signature s where (s.tariff_code, s.version) = (v.tariff_code, v.version)) >= 2),
     ended as (
       select tariff_code, version, valid_from, coalesce(valid_to, next_from) as valid_to, document, sha256, author from signed)
     select ${columns} from ended
      where valid_from < $3::date and $2::date < coalesce(valid_to, 'infinity')
      order by tariff_code, valid_from`,
    [codes, from, to],
  )
}

export async function insertTariffVersion(
  tx: Transaction,
  row: TariffVersionRow & { readonly recordedAt: Instant },
): Promise<void> {
  await tx.execute(`insert into tariff_version (${columns}, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`, [
    row.tariff_code,
    row.version,
    row.valid_from,
    row.valid_to,
    JSON.stringify(row.document),
    row.sha256,
    row.author,
    toTimestamptz(row.recordedAt),
  ])
}

/** Number of signatures inserted: 0 when that person had signed before. */
export async function insertTariffSignature(
  client: Queryable,
  code: string,
  version: number,
  actorId: string,
  signedAt: Instant,
): Promise<number> {
  return client.execute(
    `insert into tariff_signature (tariff_code, version, actor_id, signed_at) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [code, version, actorId, toTimestamptz(signedAt)],
  )
}

/** A version for people: without the bytes, with who signed it. */
export interface ListedTariffVersion {
  readonly code: string
  readonly version: number
  readonly format: string
  readonly validFrom: LocalDate
  readonly validTo: LocalDate | null
  /** 64 hexadecimal digits. */
  readonly sha256: string
  readonly author: string
  readonly signedBy: readonly string[]
  readonly document: unknown
}

/** Versions on record of one tariff, or of all, by code and begin of validity. */
export async function listTariffVersions(
  client: Queryable,
  code: string | null,
): Promise<readonly ListedTariffVersion[]> {
  return client.query<ListedTariffVersion>(
    `select tariff_code as code, version, document ->> 'format' as format, valid_from as "validFrom", valid_to as "validTo",
            encode(sha256, 'hex') as sha256, author, document,
            array(select s.actor_id::text from tariff_signature s where (s.tariff_code, s.version) = (v.tariff_code, v.version)
                   order by s.signed_at, s.actor_id) as "signedBy"
       from tariff_version v where $1::text is null or tariff_code = $1 order by tariff_code, valid_from, version`,
    [code],
  )
}
