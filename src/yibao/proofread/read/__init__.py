"""Files → `Source`, packages of files → `Package`: the one door through which documents come in.

`read_file` tells what a file is by its bytes (`container`) and hands it to its reader: `docx`, `pdf`, `xlsx`, `xls`, `text`;
what only LibreOffice reads goes through `office` first. `package` reads a folder.
"""

from yibao.proofread.read.file import read_file
from yibao.proofread.read.package import read_package

__all__ = ["read_file", "read_package"]
