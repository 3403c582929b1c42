/** A place in the document: keys and, in lists, numbers. */
export type Path = readonly (string | number)[];
