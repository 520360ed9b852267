/** Why a mini-program code can't carry this scene: at most 32 characters of a short alphabet, without `%`. */
export function whyNotScene(scene: string): 'EMPTY' | 'TOO_LONG' | 'CHARACTERS' | null {
  if (scene === '') return 'EMPTY'
  if (scene.length > 32) return 'TOO_LONG'
  return /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+$/.test(scene) ? null : 'CHARACTERS'
}

/** Why this can't be the page of a code: no slash in front, no parameters, which belong into the scene. */
export function whyNotPage(page: string): 'FORM' | null {
  return /^[\w-]+(?:\/[\w-]+)*$/.test(page) && page.length <= 128 ? null : 'FORM'
}
