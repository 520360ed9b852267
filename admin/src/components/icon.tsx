import sprite from '../../../shared/icons.svg?raw'

/** The sprite, drawn into the page once; `Icon` points into it. */
export function IconSprite() {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: our own file, built into the bundle
  return <div hidden dangerouslySetInnerHTML={{ __html: sprite }} />
}

export function Icon({ name, size = 20 }: { name: string; size?: 14 | 16 | 18 | 20 }) {
  return (
    <svg className={`icon i${size}`} aria-hidden="true" focusable="false">
      <use href={`#${name}`} />
    </svg>
  )
}
