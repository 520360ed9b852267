const attributes = [
  'aria-role',
  'aria-label',
  'aria-hidden',
  'aria-disabled',
  'aria-checked',
  'aria-selected',
  'aria-live',
]
const components = ['View', 'Text', 'Image', 'Input', 'Textarea']

/** Which aria attributes which components of the mini-program carry: component → attribute → default. */
export const ariaComponents = Object.fromEntries(
  components.map((name) => [name, Object.fromEntries(attributes.map((attribute) => [attribute, '']))]),
)
