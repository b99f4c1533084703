import type { Queryable } from './database.js'

interface Line {
  readonly line: string
}

/** Ours is everything in `public` that no extension brought and that is no partition. */
const oursTable = `c.relnamespace = 'public'::regnamespace and not c.relispartition
  and not exists (select from pg_depend x where x.classid = 'pg_class'::regclass and x.objid = c.oid and x.deptype = 'e')`
const oursFunction = `p.pronamespace = 'public'::regnamespace
  and not exists (select from pg_depend x where x.classid = 'pg_proc'::regclass and x.objid = p.oid and x.deptype = 'e')`

/** One catalogue query per section. */
const sections: readonly { readonly title: string; readonly sql: string }[] = [
  {
    title: 'Tables and their columns',
    sql: `
      select format('table %s%s', c.relname, coalesce(E'\\n  -- ' || obj_description(c.oid, 'pg_class'), '')) || string_agg(
               format(E'\\n  %s %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                 case when a.attcollation = '"C"'::regcollation then ' collate "C"' else '' end,
                 case when a.attnotnull then ' not null' else '' end,
                 case when a.attidentity <> '' then ' generated as identity'
                      when d.oid is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end), '' order by a.attnum) as line
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
       where ${oursTable} and c.relkind in ('r', 'p') and c.relname not in ('schema_migration')
       group by c.oid, c.relname`,
  },
  {
    title: 'Time series (7-day partitions from Thursday 00:00 UTC)',
    sql: `select table_name || ' by ' || time_column as line from time_series`,
  },
  {
    title: 'Constraints',
    sql: `
      select c.relname || ': ' || pg_get_constraintdef(k.oid) as line
        from pg_constraint k join pg_class c on c.oid = k.conrelid
       where ${oursTable} and k.contype in ('p', 'u', 'c', 'f', 'x') and c.relname not in ('schema_migration')`,
  },
  {
    title: 'Indexes',
    sql: `
      select replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as line
        from pg_index i join pg_class c on c.oid = i.indrelid
       where ${oursTable} and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`,
  },
  {
    title: 'Views',
    sql: `
      select format(E'view %s as\\n%s', c.relname, pg_get_viewdef(c.oid)) as line
        from pg_class c where ${oursTable} and c.relkind = 'v'`,
  },
  {
    title: 'Functions',
    sql: `select pg_get_functiondef(p.oid) as line from pg_proc p where ${oursFunction}`,
  },
  {
    title: 'Triggers',
    sql: `
      select pg_get_triggerdef(g.oid) as line
        from pg_trigger g join pg_class c on c.oid = g.tgrelid
       where ${oursTable} and not g.tgisinternal and g.tgname <> 'ts_insert_blocker'`,
  },
  {
    title: 'Rights on tables and views',
    sql: `
      select format('%s: %s may %s', c.relname, coalesce(r.rolname, 'public'), string_agg(lower(a.privilege_type), ', ' order by a.privilege_type)) as line
        from pg_class c cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
       where ${oursTable} and a.grantee <> c.relowner
       group by c.relname, r.rolname`,
  },
  {
    title: 'Rights on columns',
    sql: `
      select format('%s.%s: %s may %s', c.relname, t.attname, coalesce(r.rolname, 'public'), lower(a.privilege_type)) as line
        from pg_class c join pg_attribute t on t.attrelid = c.oid
       cross join lateral aclexplode(t.attacl) a left join pg_roles r on r.oid = a.grantee
       where ${oursTable}`,
  },
  {
    title: 'Rights on functions',
    sql: `
      select format('%s: %s', p.proname, string_agg(coalesce(r.rolname, 'public'), ', ' order by r.rolname collate "C")) as line
        from pg_proc p cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a left join pg_roles r on r.oid = a.grantee
       where ${oursFunction} and a.grantee <> p.proowner
       group by p.oid, p.proname`,
  },
]

/**
 * The schema as text, read from the catalogue: the same for every database tier, whichever way it came to be.
 * Left out: partitions, what extensions bring, and pg-boss's own schema.
 */
export async function describeSchema(client: Queryable): Promise<string> {
  // Sorted here and not by the server, whose collation may differ.
  const parts: string[] = ['-- The schema as it is after all migrations. Made by storage/schema-dump.ts; do not edit.']
  for (const { title, sql } of sections) {
    const lines = await client.query<Line>(sql)
    parts.push(`\n-- ${title}\n`, ...lines.map(({ line }) => line.trimEnd()).sort())
  }
  return `${parts.join('\n')}\n`
}
