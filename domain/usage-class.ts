/** Class of supply (用电类别) of an agreement: residential, commercial, large industrial, agricultural. */
export const usageClasses = ['residential', 'commercial', 'large_industrial', 'agricultural'] as const

export type UsageClass = (typeof usageClasses)[number]
