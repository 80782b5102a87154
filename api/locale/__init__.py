"""The words of the pages: ``en.po`` and ``zh_CN.po``, with the same keys."""
