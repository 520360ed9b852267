import file from '../../../shared/icons.svg?raw'

// A page has fields called "phone" too, and ids are the document's.
const sprite = file.replaceAll('<symbol id="', '<symbol id="icon-')

/** The sprite, drawn into the page once; `Icon` points into it. */
export function IconSprite() {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: our own file, built into the bundle
  return <div hidden dangerouslySetInnerHTML={{ __html: sprite }} />
}

export function Icon({ name, size = 20 }: { name: string; size?: 14 | 16 | 18 | 20 }) {
  return (
    <svg className={`icon i${size}`} aria-hidden="true" focusable="false">
      <use href={`#icon-${name}`} />
    </svg>
  )
}
