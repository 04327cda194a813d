/** A folder or a zip of one's own pictures as the target: nothing yet, so that the page offers nothing that does not work. */
export const OwnPictures = () => null;
