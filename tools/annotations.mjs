// What the models say in doc comments and Prisma has no word for: CHECK constraints and deferrable foreign keys.

/**
 * @param {string} models the text of all model files
 * @returns {{ checks: { table: string, name: string, expression: string }[], deferrable: string[] }} deferrable holds the
 *   names of foreign key constraints, as Prisma makes them
 */
export function readAnnotations(models) {
  const checks = []
  const deferrable = []
  for (const [, model, body] of models.matchAll(/^model (\w+) \{\n(.*?)^\}/gms)) {
    const table = body.match(/@@map\("([^"]+)"\)/)?.[1] ?? model
    const conditions = [...body.matchAll(/\/\/\/ @check (\w+): (.+)$/gm)]
    const relations = [...body.matchAll(/\/\/\/ @deferrable\b[^\n]*\n[^\n]*@relation\([^\n]*fields: \[([^\]]+)\]/g)]
    const asked = body.match(/\/\/\/ @(check|deferrable)\b/g)?.length ?? 0
    if (conditions.length + relations.length < asked) throw new Error(`model ${model}: an annotation is not understood`)
    for (const [, name, expression] of conditions) checks.push({ table, name: `${table}_${name}_check`, expression })
    for (const [, fields] of relations) {
      const columns = fields.split(',').map((field) => columnOf(body, field.trim()))
      deferrable.push(`${table}_${columns.join('_')}_fkey`)
    }
  }
  return { checks, deferrable }
}

const columnOf = (body, field) =>
  body.match(new RegExp(`^\\s+${field}\\s[^\\n]*\\s@map\\("([^"]+)"\\)`, 'm'))?.[1] ?? field

/** Writes the annotations into the script `prisma migrate diff` made, for either database. */
export function annotate(script, { checks, deferrable }) {
  let sql = script
  for (const table of new Set(checks.map((check) => check.table))) {
    const lines = checks
      .filter((check) => check.table === table)
      .map(({ name, expression }) => `,\n    CONSTRAINT "${name}" CHECK (${expression})`)
      .join('')
    // "new_<table>" is what SQLite's rebuilt table is called until it takes the place of the old one
    sql = sql.replace(
      new RegExp(`^(CREATE TABLE "(?:new_)?${table}" \\(\\n.*?)(\\n\\);)`, 'gms'),
      (_, head, tail) => head.replace(/\n+$/, '') + lines + tail,
    )
  }
  for (const constraint of deferrable) {
    sql = sql.replace(
      new RegExp(`(CONSTRAINT "${constraint}" FOREIGN KEY [^;\\n]*?)(,?;?\\n)`, 'g'),
      '$1 DEFERRABLE INITIALLY DEFERRED$2',
    )
  }
  return sql
}
