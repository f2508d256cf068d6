/**
 * Shared libraries from a path of our own, for programs that open them by their bare names.
 */
import { constants } from "node:os"

/** Keeps a library in memory after the failure to use it (RTLD_NODELETE of Linux). */
const noDelete = 0x1000

/**
 * Loads a shared library by its path. A program that opens it by its bare name afterwards finds it, wherever it lies. It is no
 * add-on of Node, so Node complains; the library stays all the same.
 */
export const keepLoaded = (library: string): void => {
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | noDelete)
  } catch {
    // Expected. Where the library is not there, the program that needs it says so.
  }
}
