// Where things are in every container of ours that works on data.

/** The folder of an act. */
export const workPath = '/zarpe'
/** The password, or what a program reads one from. */
export const passwordPath = '/run/zarpe-password'
