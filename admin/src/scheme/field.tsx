import { Button, Checkbox, Input, InputNumber } from 'antd'
import { type PropsWithChildren, useId, useState } from 'react'
import { Choice } from '../components/choice'
import { Icon } from '../components/icon'
import { emptyOf, isRequired, labelOf, type Schema, unitOf } from './schema'
import { CODE_WORDS } from './words'

export type Problems = ReadonlyMap<string, readonly { sentence: string; severity: 'error' | 'warning' }[]>

interface FieldProps {
  schema: Schema
  name: string
  path: string
  value: unknown
  onChange: (value: unknown) => void
  problems: Problems
  disabled: boolean
  required?: boolean
  /** how a section reads as it stands, by its label */
  said?: ReadonlyMap<string, string>
}

/** One field of a scheme, whatever it is: the JSON Schema says the control, the label, the help and the source. */
export function SchemeField(props: FieldProps) {
  const { schema, name, path, value, onChange, problems, disabled, required = false } = props
  const id = useId()
  const label = labelOf(schema, name)
  const isGroup = schema.type === 'object' || (schema.type === 'array' && !isChecks(schema) && !schema.prefixItems)
  const isThere = value !== undefined

  if (isGroup)
    return (
      <fieldset className="scheme-group" aria-describedby={hasHelp(schema) ? `${id}-help` : undefined}>
        <legend>
          <span className="strong">{label}</span>
          {!required && !disabled && (
            <button
              type="button"
              className="txt"
              onClick={() => onChange(isThere ? undefined : emptyOf(schema))}
              aria-label={`${isThere ? '去掉' : '加上'} ${label}`}
            >
              {isThere ? '去掉' : '加上'}
            </button>
          )}
        </legend>
        <Help id={`${id}-help`} schema={schema} />
        {props.said?.has(label) && <p className="scheme-sentence">{props.said.get(label)}</p>}
        <Wrong problems={problems} path={path} />
        {isThere && (schema.type === 'object' ? <Parts {...props} /> : <List {...props} />)}
      </fieldset>
    )
  return (
    <div className="scheme-field">
      <Label htmlFor={schema.type === 'boolean' ? undefined : id}>
        {label}
        {required && <span className="t3">（必填）</span>}
      </Label>
      <div>
        <Control {...props} id={id} />
        <Help id={`${id}-help`} schema={schema} />
        <Wrong problems={problems} path={path} />
      </div>
    </div>
  )
}

/** A box to tick brings a label of its own; two labels of one control are one too many. */
function Label({ htmlFor, children }: PropsWithChildren<{ htmlFor: string | undefined }>) {
  if (htmlFor === undefined) return <span className="strong">{children}</span>
  return (
    <label htmlFor={htmlFor} className="strong">
      {children}
    </label>
  )
}

/** The properties of an object, each a field; what is emptied is left out. */
export function Parts({ schema, path, value, onChange, problems, disabled, said }: Omit<FieldProps, 'name'>) {
  const known = (value ?? {}) as Record<string, unknown>
  return (
    <div className="stack" style={{ gap: 10 }}>
      {Object.entries(schema.properties ?? {}).map(([name, part]) => (
        <SchemeField
          key={name}
          schema={part}
          name={name}
          path={path === '' ? name : `${path}.${name}`}
          value={known[name]}
          problems={problems}
          disabled={disabled}
          required={isRequired(schema, name)}
          {...(path === '' && said !== undefined && { said })}
          onChange={(next) => {
            const { [name]: _, ...rest } = known
            onChange(next === undefined ? rest : { ...known, [name]: next })
          }}
        />
      ))}
    </div>
  )
}

function List({ schema, name, path, value, onChange, problems, disabled }: FieldProps) {
  const items = (value ?? []) as unknown[]
  const item = schema.items ?? {}
  const label = labelOf(schema, name)
  const full = schema.maxItems !== undefined && items.length >= schema.maxItems
  return (
    <div className="stack" style={{ gap: 8 }}>
      {items.map((one, place) => (
        // The place is all that names an item of a list of rules.
        <div className="scheme-item" key={`${path}.${String(place)}`}>
          <span className="t3 small num">{place + 1}</span>
          {item.type === 'object' ? (
            <Parts
              schema={item}
              path={`${path}.${place}`}
              value={one}
              problems={problems}
              disabled={disabled}
              onChange={(next) => onChange(items.map((other, at) => (at === place ? next : other)))}
            />
          ) : (
            <SchemeField
              schema={item}
              name={label}
              path={`${path}.${place}`}
              value={one}
              problems={problems}
              disabled={disabled}
              required
              onChange={(next) => onChange(items.map((other, at) => (at === place ? (next ?? emptyOf(item)) : other)))}
            />
          )}
          {!disabled && (
            <button
              type="button"
              className="txt"
              aria-label={`去掉 ${label} 第 ${place + 1} 项`}
              onClick={() => onChange(items.filter((_, at) => at !== place))}
            >
              去掉
            </button>
          )}
        </div>
      ))}
      {!disabled && !full && (
        <Button icon={<Icon name="plus" size={16} />} onClick={() => onChange([...items, emptyOf(item)])}>
          加一项
        </Button>
      )}
    </div>
  )
}

function Control({ schema, name, value, onChange, disabled, required, id }: FieldProps & { id: string }) {
  const isSet = value !== undefined
  if (schema.prefixItems !== undefined)
    return <Tuple schema={schema} name={name} value={value} onChange={onChange} disabled={disabled} />
  if (isChecks(schema))
    return (
      <Checkbox.Group
        value={(value ?? []) as string[]}
        disabled={disabled}
        options={(schema.items?.enum ?? []).map((code) => ({ value: code, label: CODE_WORDS[code] ?? code }))}
        onChange={(chosen) => onChange(chosen.length === 0 ? undefined : chosen)}
      />
    )
  if (schema.enum !== undefined)
    return disabled ? (
      <span>{isSet ? (CODE_WORDS[String(value)] ?? String(value)) : '—'}</span>
    ) : (
      <Choice
        id={id}
        all={required ? undefined : '没有规定'}
        value={value as string | undefined}
        options={schema.enum.map((code) => ({ value: code, label: CODE_WORDS[code] ?? code }))}
        onChange={onChange}
      />
    )
  if (schema.type === 'boolean')
    return (
      <Checkbox
        id={id}
        aria-label={labelOf(schema, name)}
        checked={value === true}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      >
        是
      </Checkbox>
    )
  if (schema.type === 'integer')
    return <Amount id={id} name={name} value={value as number | undefined} onChange={onChange} disabled={disabled} />
  const long = (schema.maxLength ?? 0) > 100
  const change = (text: string) => onChange(text === '' && !required ? undefined : text)
  return long ? (
    <Input.TextArea
      id={id}
      value={(value ?? '') as string}
      disabled={disabled}
      autoSize
      maxLength={schema.maxLength}
      onChange={(event) => change(event.target.value)}
    />
  ) : (
    <Input
      id={id}
      value={(value ?? '') as string}
      disabled={disabled}
      maxLength={schema.maxLength}
      style={{ maxWidth: 320 }}
      onChange={(event) => change(event.target.value)}
    />
  )
}

const SCALES = {
  points: { by: 1000, word: '分' },
  fen: { by: 100, word: '元' },
  permille: { by: 10, word: '%' },
} as const
const SPANS = [
  { by: 3600, label: '小时' },
  { by: 60, label: '分钟' },
  { by: 1, label: '秒' },
] as const

interface AmountProps {
  id: string
  name: string
  value: number | undefined
  onChange: (value: number | undefined) => void
  disabled: boolean
}

/** Typed in points, yuan, hours or minutes; kept in whole milli-points, fen and seconds. */
function Amount({ id, name, value, onChange, disabled }: AmountProps) {
  const unit = unitOf(name)
  const [span, setSpan] = useState(
    () => SPANS.find(({ by }) => value !== undefined && value > 0 && value % by === 0)?.by ?? 60,
  )
  const word = unit === null || unit === 'seconds' ? '' : SCALES[unit].word
  const by = unit === 'seconds' ? span : unit === null ? 1 : SCALES[unit].by
  return (
    <span className="row" style={{ gap: 6 }}>
      <InputNumber<string>
        id={id}
        stringMode
        min="0"
        value={value === undefined ? null : decimalText(value, by)}
        disabled={disabled}
        onChange={(text) => onChange(text === null || text === '' ? undefined : wholeOf(text, by))}
      />
      {unit === 'seconds' ? (
        <Choice
          label="单位"
          value={String(span)}
          options={SPANS.map(({ by: seconds, label }) => ({ value: String(seconds), label }))}
          onChange={(next) => setSpan(SPANS.find(({ by: seconds }) => String(seconds) === next)?.by ?? 60)}
        />
      ) : (
        word
      )}
    </span>
  )
}

/** 1500 by 1000 → "1.5"; never by a division that rounds. */
function decimalText(value: number, by: number): string {
  const [whole, rest] = [Math.floor(value / by), value % by]
  return rest === 0
    ? String(whole)
    : `${whole}.${String(Math.floor((rest * 1000) / by))
        .padStart(3, '0')
        .replace(/0+$/, '')}`
}

/** "1.5" by 1000 → 1500: digits behind the point are cut where the unit ends. */
function wholeOf(text: string, by: number): number {
  const [whole = '0', rest = ''] = text.split('.')
  return Number(whole) * by + Math.floor((Number(rest.padEnd(3, '0').slice(0, 3)) * by) / 1000)
}

function Tuple({
  schema,
  name,
  value,
  onChange,
  disabled,
}: Pick<FieldProps, 'schema' | 'name' | 'value' | 'onChange' | 'disabled'>) {
  const parts = schema.prefixItems ?? []
  const known = (value ?? parts.map(emptyOf)) as unknown[]
  const set = (place: number, next: unknown) => onChange(known.map((one, at) => (at === place ? next : one)))
  const isSteps = parts[0]?.enum !== undefined
  if (value === undefined && disabled) return <span>—</span>
  return (
    <span className="row" style={{ gap: 8, flexWrap: 'wrap' }}>
      {parts.map((part, place) =>
        part.enum !== undefined ? (
          <span key={`${name}${String(place)}`} className="row" style={{ gap: 4 }}>
            <span className="t3">L{place}</span>
            <Choice
              label={`L${place}`}
              value={value === undefined ? undefined : String(known[place])}
              options={part.enum.map((code) => ({ value: code, label: CODE_WORDS[code] ?? code }))}
              onChange={(next) => next !== undefined && set(place, next)}
            />
          </span>
        ) : (
          <span key={`${name}${String(place)}`} className="row" style={{ gap: 8 }}>
            {place > 0 && <span>/</span>}
            <InputNumber<number>
              aria-label={place === 0 ? '分子' : '分母'}
              min={place === 0 ? 0 : 1}
              precision={0}
              disabled={disabled}
              value={known[place] as number}
              onChange={(next) => set(place, next ?? 1)}
            />
          </span>
        ),
      )}
      {isSteps && value !== undefined && !disabled && (
        <button type="button" className="txt" onClick={() => onChange(undefined)}>
          用通常的
        </button>
      )}
    </span>
  )
}

/** The words of the file, for who writes one by hand: （drop）. The page offers them in Chinese. */
const CODES = /（[a-z]+）/gi

function hasHelp(schema: Schema): boolean {
  return schema.description !== undefined || schema.source !== undefined
}

function Help({ id, schema }: { id: string; schema: Schema }) {
  if (!hasHelp(schema)) return null
  return (
    <p id={id} className="t3 small" style={{ margin: '2px 0 0' }}>
      {schema.description?.replaceAll(CODES, '')}
      {schema.description !== undefined && schema.source !== undefined && '。'}
      {schema.source !== undefined && `依据：${schema.source}`}
    </p>
  )
}

function Wrong({ problems, path }: { problems: Problems; path: string }) {
  return problems.get(path)?.map(({ sentence, severity }) => (
    <p key={sentence} role="alert" className={`small scheme-wrong ${severity}`}>
      {sentence}
    </p>
  ))
}

function isChecks(schema: Schema): boolean {
  return schema.type === 'array' && schema.items?.enum !== undefined
}
