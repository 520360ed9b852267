const SIGNS = { number: '= != < <= > >= 或 in (…)', word: '= != 或 in (…)', words: 'has', yes: '直接写' } as const

interface FieldHelp {
  label: string
  type: keyof typeof SIGNS
  values?: Readonly<Record<string, string>>
  source?: string
}

/** What a rule may ask, and how: the English name or the Chinese one, joined by and, or, not and brackets. */
export function FieldsHelp({ title, fields }: { title: string; fields: Readonly<Record<string, FieldHelp>> }) {
  return (
    <details className="card pad">
      <summary className="strong">{title}</summary>
      <p className="t3 small">
        例：age &gt;= 80 and categories has livingAlone，也可以写 年龄 &gt;= 80 且 类别 包含 独居
      </p>
      <ul className="small">
        {Object.entries(fields).map(([name, { label, type, values, source }]) => (
          <li key={name}>
            <span className="strong">{label}</span>（{name}）{SIGNS[type]}
            {values !== undefined && <span className="t3">：{Object.values(values).join('、')}</span>}
            {source !== undefined && <span className="t3">（来自：{source}）</span>}
          </li>
        ))}
      </ul>
    </details>
  )
}
