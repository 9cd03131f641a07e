/**
 * Version of the emitted form: what guards, tables, scope accessors and registrations look like, as runtime and patch code rely on
 * it. It grows when a runtime of an earlier version could not carry a patch that is made for the new form.
 */
export const EMITTED_FORM = 1;
