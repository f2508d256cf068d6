/** A resolution hook: adds the export condition `@rapo/source` for the workspace's own packages. */
export const resolve = (specifier, context, next) =>
  specifier.startsWith("@rapo/")
    ? next(specifier, { ...context, conditions: [...context.conditions, "@rapo/source"] })
    : next(specifier, context)
