interface WebAssemblyMemory {
  readonly buffer: SharedArrayBuffer
  readonly grow: (pages: number) => number
}

/** The part of the WebAssembly interface that the interval kernel uses; the runtime has it, the types of Node do not. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (limits: {
    readonly initial: number
    readonly maximum: number
    readonly shared: true
  }) => WebAssemblyMemory
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: unknown }
}
