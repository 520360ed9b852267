/** What a page shows, however it was drawn: by Taro's data or by the real templates. */
export interface ScreenNode {
  /** `view`, `text`, `button` …; `#text` for words */
  tag: string
  /** of a `#text` */
  words: string
  children: ScreenNode[]
  attribute(name: string): string | undefined
  /** As WeChat does it: a bubbling event goes to every listener from here to the top. */
  fire(type: string, detail: object, bubbles: boolean): void
}

const TAP_ROLES = ['button', 'link', 'checkbox', 'radio', 'tab', 'switch']

export function descendants(node: ScreenNode): ScreenNode[] {
  return node.children.flatMap((child) => [child, ...descendants(child)])
}

export function wordsOf(node: ScreenNode, heard = false): string {
  if (node.tag === '#text') return node.words
  if (heard && isTrue(node.attribute('aria-hidden'))) return ''
  return node.children.map((child) => wordsOf(child, heard)).join('')
}

/** What is read on the page, line by line: words that only `text` surrounds are one line. */
export function linesOf(node: ScreenNode): string[] {
  const lines: string[] = []
  let line = ''
  const end = () => {
    if (line.trim() !== '') lines.push(line.trim())
    line = ''
  }
  for (const child of node.children) {
    if (isInline(child)) line += wordsOf(child)
    else {
      end()
      lines.push(...linesOf(child))
    }
  }
  end()
  return lines
}

function isInline(node: ScreenNode): boolean {
  return node.tag === '#text' || (node.tag === 'text' && node.children.every(isInline))
}

/** What assistive technology calls it. */
export function nameOf(node: ScreenNode): string {
  const label = node.attribute('aria-label')
  return label === undefined || label === '' ? wordsOf(node, true).trim() : label
}

/** Everything that says it can be tapped. Under an open layer nothing can. */
export function tappables(page: ScreenNode): ScreenNode[] {
  const all = descendants(page)
  const layer = all.filter((node) => node.attribute('aria-role') === 'dialog').at(-1)
  return (layer === undefined ? all : descendants(layer)).filter(
    (node) => node.tag === 'button' || TAP_ROLES.includes(node.attribute('aria-role') ?? ''),
  )
}

/** The one thing of this name that can be tapped: the whole name, or a part that no other has. */
export function findTappable(page: ScreenNode, name: string): ScreenNode {
  const named = tappables(page).map((node) => ({ node, name: nameOf(node) }))
  const exact = named.filter((one) => one.name === name)
  const found = exact.length > 0 ? exact : named.filter((one) => one.name.includes(name))
  const [one] = found
  if (one === undefined || found.length > 1)
    throw new Error(`${found.length} things to tap are called “${name}”:\n${named.map((it) => it.name).join('\n')}`)
  if (isTrue(one.node.attribute('aria-disabled')) || isTrue(one.node.attribute('disabled')))
    throw new Error(`“${name}” can't be tapped now`)
  return one.node
}

export function findField(page: ScreenNode, label: string): ScreenNode {
  const fields = descendants(page).filter((node) => node.tag === 'input' || node.tag === 'textarea')
  const found = fields.filter((node) => node.attribute('aria-label') === label)
  const [field] = found
  if (field === undefined || found.length > 1)
    throw new Error(
      `${found.length} fields are called “${label}”: ${fields.map((it) => it.attribute('aria-label')).join(', ')}`,
    )
  return field
}

/** The innermost thing under a finger in the middle of `node`. */
export function underFinger(node: ScreenNode): ScreenNode {
  const inner = node.children.find((child) => child.tag !== '#text')
  return inner === undefined ? node : underFinger(inner)
}

export const isTrue = (value: string | undefined) => value === 'true'
