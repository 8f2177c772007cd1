/** Text for documents in XML, such as SVG. */

/** Characters that XML 1.0 forbids, even when they are escaped. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/**
 * A text as the content or an attribute of an element.
 * @param {string} text  anything; what XML can't hold is left out
 */
export const escapeXml = (text) => text.toWellFormed().replace(FORBIDDEN, "").replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
