/** An element that the batch's shapes promise. */
export const at = <A>(values: ReadonlyArray<A>, index: number): A => {
  const value = values[index]
  if (value === undefined) {
    throw new Error(`A batch's shapes disagree: no element ${index} among ${values.length}.`)
  }
  return value
}
